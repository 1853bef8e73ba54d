"""Sources: from where pages live on the web, or in a folder, to files of the corpus."""
