package doctor

import (
	"fmt"
	"io"
)

// Print writes the report as a table.
func (r Report) Print(w io.Writer) {
	fmt.Fprintf(w, "Jishi %s on %s, %s\n\n", r.Version, r.Engine, r.At.Local().Format("2006-01-02 15:04:05"))
	found := 0
	for _, x := range r.Results {
		state := "ok"
		if !x.OK {
			state = "FOUND"
		}
		fmt.Fprintf(w, "%-22s %-6s %s\n", x.Check, state, x.Note)
		for _, f := range x.Findings {
			found++
			if f.Object == "" {
				fmt.Fprintf(w, "    %s\n", f.Text)
			} else {
				fmt.Fprintf(w, "    %s: %s\n", f.Object, f.Text)
			}
		}
		if x.More > 0 {
			found += x.More
			fmt.Fprintf(w, "    … and %d more\n", x.More)
		}
	}
	if found == 0 {
		fmt.Fprintln(w, "\nNothing found.")
	} else {
		fmt.Fprintf(w, "\n%d findings.\n", found)
	}
}
