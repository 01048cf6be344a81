"""Charts: their content (chart.py), their drawing in a child process (drawing.py), and the call to it (service.py)."""
