package main

import (
	"os"

	"jishi/internal/app"
	"jishi/internal/tool/probe"
)

type probeCommand struct {
	probe.Options `embed:""`
}

// Run prints the report; the exit code is 1 when a case has failed.
func (c *probeCommand) Run(s shell) error {
	c.Lang, c.Version = probe.Language(os.Getenv), app.Version
	report, err := probe.Run(s, c.Options)
	if err != nil {
		return err
	}
	if err := report.Write(s.out, c.Format); err != nil {
		return err
	}
	if !report.Passed {
		return errFound
	}
	return nil
}
