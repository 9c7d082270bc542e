"""Small Sphinx extensions of this book; each module holds one idea and is named in ``_config.yml``."""
