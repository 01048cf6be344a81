"""The one reading of texts: what every other room asks about a title, a body or a paste is answered here."""
