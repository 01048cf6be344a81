"""The one reading of texts: what every other room asks about a title or a body is answered here."""
