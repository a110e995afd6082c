package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"jishi/internal/edge/console/people"
)

// stateName is the file that makes a folder a demo's.
const stateName = "demo.json"

// state is what a demo remembers between starts.
type state struct {
	Marker   string               `json:"marker"`
	Filled   bool                 `json:"filled"` // false: the first start was interrupted
	URL      string               `json:"url"`    // of the last start
	Accounts []people.DemoAccount `json:"accounts"`
	Servers  []serverState        `json:"servers"`
}

type serverState struct {
	Name     string `json:"name"`
	Port     int    `json:"port"`
	URL      string `json:"url"`
	Password string `json:"adminPassword"`
}

const marker = "jishi demo: this folder may be deleted by jishi demo --reset"

// readState reads the folder's state; found is false for a folder without one.
func readState(folder string) (s state, found bool, err error) {
	raw, err := os.ReadFile(filepath.Join(folder, stateName))
	if errors.Is(err, fs.ErrNotExist) {
		return state{}, false, nil
	}
	if err != nil {
		return state{}, false, err
	}
	if err := json.Unmarshal(raw, &s); err != nil || s.Marker != marker {
		return state{}, false, fmt.Errorf("%s is not a demo's file", filepath.Join(folder, stateName))
	}
	return s, true, nil
}

// write replaces the file, readable by its owner only, whole or not at all.
func (s state) write(folder string) error {
	raw, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	name := filepath.Join(folder, stateName)
	temp := name + ".new"
	if err := os.WriteFile(temp, append(raw, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(temp, name)
}

// prepare makes the folder ready: it deletes a demo's on reset, and anew what an
// interrupted first start left behind. It refuses a folder that holds something else. The
// server's database of a PostgreSQL demo is not touched: that is for its owner.
func prepare(folder string, reset, postgres bool) (state, bool, error) {
	s, found, err := readState(folder)
	if err != nil {
		return s, false, err
	}
	half := found && !s.Filled
	if (reset || half) && found {
		if postgres {
			return s, false, errors.New("a demo on PostgreSQL is begun anew by hand: drop its database or schema and delete " + filepath.Join(folder, stateName))
		}
		if err := empty(folder); err != nil {
			return s, false, err
		}
		found = false
	}
	if found {
		return s, true, nil
	}
	entries, err := os.ReadDir(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = os.MkdirAll(folder, 0o700)
	case err == nil:
		for _, e := range entries {
			// A log that the caller writes beside is no reason to refuse.
			if !strings.HasSuffix(e.Name(), ".log") && !strings.HasPrefix(e.Name(), ".") {
				return s, false, fmt.Errorf("%s holds something that is not a demo's (%s): choose another folder with --data", folder, e.Name())
			}
		}
	}
	if err != nil {
		return s, false, err
	}
	s = state{Marker: marker}
	return s, false, s.write(folder)
}

// ours are the entries that a demo makes in its folder; a reset deletes these only.
var ours = []string{"jishi.db", "jishi.db-wal", "jishi.db-shm", "master.key", "files", "search", "servers", "sandboxes", stateName}

func empty(folder string) error {
	for _, name := range ours {
		if err := os.RemoveAll(filepath.Join(folder, name)); err != nil {
			return err
		}
	}
	return nil
}
