package demo

import (
	"os"
	"path/filepath"
	"testing"
)

func TestOnlyADemosFolderIsDeleted(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "precious.txt")
	if err := os.WriteFile(mine, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, reset := range []bool{false, true} {
		if _, _, err := prepare(dir, reset, false); err == nil {
			t.Error("a folder with somebody's files was accepted")
		}
	}
	if _, err := os.Stat(mine); err != nil {
		t.Fatal("the file is gone")
	}
}

func TestAnInterruptedFirstStartBeginsAnew(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if _, found, err := prepare(dir, false, false); err != nil || found {
		t.Fatal(found, err)
	}
	half := filepath.Join(dir, "jishi.db")
	if err := os.WriteFile(half, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, found, err := prepare(dir, false, false)
	if err != nil || found {
		t.Fatalf("found %v, %v", found, err)
	}
	if _, err := os.Stat(half); err == nil {
		t.Error("half a demo was kept")
	}
	s.Filled = true
	if err := s.write(dir); err != nil {
		t.Fatal(err)
	}
	if _, found, err = prepare(dir, false, false); err != nil || !found {
		t.Errorf("a whole demo must be kept: %v, %v", found, err)
	}
	if _, _, err := prepare(dir, true, true); err == nil {
		t.Error("a demo on PostgreSQL must not be half deleted")
	}
	info, err := os.Stat(filepath.Join(dir, stateName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// All that a demo makes while people use it must be ours to delete, a seller's sandbox too.
func TestAUsedDemoIsBegunAnew(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	s, _, err := prepare(dir, false, false)
	if err != nil {
		t.Fatal(err)
	}
	s.Filled = true
	if err := s.write(dir); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"files", "search", "servers", filepath.Join("sandboxes", "sbx_1")} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if _, found, err := prepare(dir, true, false); err != nil || found {
		t.Fatalf("a used demo was not begun anew: %v, %v", found, err)
	}
}
