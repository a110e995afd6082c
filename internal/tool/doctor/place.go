package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"jishi/internal/base/blob"
	"jishi/internal/base/db"
)

type fileRow struct {
	Key  string `db:"key"`
	Size int64  `db:"size"`
}

const sqlFiles = `select key, size from files where key > $1 order by key limit 500`

// files opens every uploaded file: the row says that it exists.
func files(ctx context.Context, p Patient) (string, []Finding, error) {
	if p.Blob == nil {
		return "not looked at", nil, nil
	}
	var out []Finding
	count, after := 0, ""
	for {
		rows, err := db.List[fileRow](ctx, p.DB, sqlFiles, after)
		if err != nil {
			return "", out, err
		}
		for _, r := range rows {
			count++
			body, info, err := p.Blob.Get(ctx, r.Key)
			switch {
			case errors.Is(err, blob.ErrNotFound):
				out = append(out, Finding{r.Key, "the file is missing"})
				continue
			case err != nil:
				return "", out, err
			case info.Size != r.Size:
				out = append(out, Finding{r.Key, fmt.Sprintf("the file has %d bytes instead of %d", info.Size, r.Size)})
			}
			body.Close()
		}
		if len(rows) < 500 {
			return fmt.Sprintf("%d files", count), out, nil
		}
		after = rows[len(rows)-1].Key
	}
}

// searchIndex tells the index's size. It is never opened here: its server has it open, and
// a broken one is built anew at the next start.
func searchIndex(_ context.Context, p Patient) (string, []Finding, error) {
	var size int64
	err := filepath.WalkDir(filepath.Join(p.Data, "search"), func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if info, err := d.Info(); err == nil {
			size += info.Size()
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return "none yet; a node builds it after its start", nil, nil
	}
	return fmt.Sprintf("%.1f MB", float64(size)/1e6), nil, err
}

// lowSpace is when a disk is too full to go on safely, in bytes.
const lowSpace = 500 << 20

func disk(_ context.Context, p Patient) (string, []Finding, error) {
	if _, err := os.Stat(p.Data); err != nil {
		return "no data folder on this machine", nil, nil
	}
	free, known, err := freeSpace(p.Data)
	if err != nil || !known {
		return "not known on this system", nil, err
	}
	note := fmt.Sprintf("%.1f GB free", float64(free)/1e9)
	if free < lowSpace {
		return note, []Finding{{p.Data, "less than 500 MB are free"}}, nil
	}
	return note, nil, nil
}
