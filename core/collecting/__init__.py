"""Collecting: posts from sources, through the prefilter, into the store, with a funnel that accounts for every item."""
