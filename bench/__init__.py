"""Measurements of the figures that the project promises. `make bench` prints them as a table; none is a timed test."""
