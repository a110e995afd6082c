package app

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/alecthomas/kong"
)

// ConfigFile reads a configuration file: a JSON object whose members are named like
// flags. A member that no command has is refused, since it would be a silent mistake.
func ConfigFile(r io.Reader) (kong.Resolver, error) {
	f := configFile{}
	d := json.NewDecoder(r)
	d.UseNumber()
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("it is not a JSON object: %w", err)
	}
	return f, nil
}

type configFile map[string]any

// Validate implements kong.Resolver.
func (f configFile) Validate(application *kong.Application) error {
	known := map[string]bool{}
	err := kong.Visit(application, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			known[flag.Name] = true
		}
		return next(nil)
	})
	if err != nil {
		return err
	}
	for name := range f {
		if !known[name] {
			return fmt.Errorf("configuration file: there is no flag %q", name)
		}
	}
	return nil
}

// Resolve implements kong.Resolver.
func (f configFile) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if v, ok := f[flag.Name]; ok {
		return v, nil
	}
	return nil, nil
}
