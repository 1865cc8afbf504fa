"""How articles come in: read, understand, split, embed, store."""
