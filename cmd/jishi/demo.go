package main

type demoCommand struct{}

func (c *demoCommand) Run(s shell) error { return nil }
