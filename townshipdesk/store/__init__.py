"""The office file: SQLite connections, migrations, and SQL, one module a group of tables."""
