"""Drafting: texts that stand on a member's own facts and a community's norms, checked before anybody approves them."""
