# The bot with the CPU build of torch. `docker build -t trustbot .`; see docs/operations.md.
FROM python:3.11-slim-bookworm AS install
WORKDIR /source
COPY . .
RUN python -m venv /opt/trustbot \
    && /opt/trustbot/bin/pip install --no-cache-dir --disable-pip-version-check \
       --extra-index-url https://download.pytorch.org/whl/cpu -c constraints.txt .

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --create-home trustbot && install -d -o trustbot /data /corpus
COPY --from=install /opt/trustbot /opt/trustbot
ENV PATH=/opt/trustbot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    TRUSTBOT_CORPUS=/corpus \
    TRUSTBOT_INDEX=/data/index \
    TRUSTBOT_STATE=sqlite:////data/state/trustbot.db
USER 10001
WORKDIR /home/trustbot
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["trustbot"]
CMD ["serve"]
