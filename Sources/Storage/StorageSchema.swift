/// Storage's own tables, beside those of every service.
let storageSchema = Schema(sqlite: sqliteStorageMigrations, postgres: postgresStorageMigrations)
