"""The one reading of texts: all other rooms ask here what a title, a body or a paste says."""
