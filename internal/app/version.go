package app

import "runtime/debug"

// Version is set by the linker (make build). Use VersionText.
var Version string

// VersionText is the version of this program: the linker's, else the commit that the Go
// tool noted, else "dev".
func VersionText() string {
	if Version != "" {
		return Version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "dev"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return "dev"
}
