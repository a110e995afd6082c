// Package app puts the marketplace together: App builds every part by struct literals in
// dependency order, jobs.go and routes.go are the two tables of what runs and what is
// served, serve.go is the life of a node.
//
// It holds no rule. The commands of cmd/jishi and the tools use it.
package app
