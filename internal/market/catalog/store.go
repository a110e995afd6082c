package catalog

// Store is the catalogue. Its zero value is ready: all state is in the database.
type Store struct{}
