"""What is kept: the one declaration of the schema, the database, and the store's verbs."""
