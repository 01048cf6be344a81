"""Charts: what one says (chart.py), who draws it (drawing.py, a child process), who asks for it (service.py)."""
