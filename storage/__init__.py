"""What is kept: the one schema declaration, the database, and the store verbs over it."""
