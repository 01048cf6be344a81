"""How long a test waits for what must happen: as long as it takes on the slowest machine, and then it fails.

No test is about speed (`bench/` is), so nothing is gained by a shorter wait.
"""

PATIENCE_S = 120.0

# Where a test waits for a time-out to happen, and other requests under the same limit must pass.
HASTE_S = 2.0
