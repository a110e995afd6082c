package export

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"flag"
	"io"
	"strings"
	"testing"

	"jishi/internal/base/statedoc"
)

var _ = flag.Bool("update", false, "write the documents that are printed from code")

func TestStateTableIsDocumented(t *testing.T) {
	var moves []statedoc.Move
	for _, m := range Moves {
		moves = append(moves, statedoc.Move{From: string(m.From), Event: m.Event, To: string(m.To), Actor: m.Actor})
	}
	statedoc.Check(t, "export", "States of an export", "An export begins as QUEUED, one at a time per account and list.", moves)
}

func TestColumnNames(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"} {
		if got := columnName(i); got != want {
			t.Errorf("%d: %s, want %s", i, got, want)
		}
	}
}

// Every part of a workbook is well-formed, whatever the cells hold, and no cell is longer than programs take.
func TestAWorkbookIsWellFormed(t *testing.T) {
	var file bytes.Buffer
	s, err := newSheet(XLSX, &file, []string{"a", "b"}, []bool{false, true})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range [][]string{{"<&>\"' \x00\x08\uFFFE", "1.50"}, {strings.Repeat("\U0001F600", 20_000), "=1+1"}, {"\xff", "-0.10"}, {"", ""}} {
		if err := s.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil || len(z.File) != len(workbookParts)+1 {
		t.Fatal(len(z.File), err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(r)
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(f.Name, err)
			}
			if text, ok := token.(xml.CharData); ok && len([]rune(string(text))) > maxCell/2 {
				t.Errorf("a cell of %d characters", len([]rune(string(text))))
			}
		}
	}
}
