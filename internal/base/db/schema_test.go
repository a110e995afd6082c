package db_test

import "jishi/internal/schema"

var schemaFiles = schema.Files
