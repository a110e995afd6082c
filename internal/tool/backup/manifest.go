package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"time"

	"jishi/internal/base/db"
)

// format is the version of the copy's layout.
const format = 1

// Names inside a copy, in the order in which they are written.
const (
	manifestName = "manifest.json"
	filesName    = "files.json"
	databaseName = "jishi.db"
	filesFolder  = "files/"
)

// Manifest describes a copy.
type Manifest struct {
	Format    int       `json:"format"`
	Version   string    `json:"version"` // of the program
	Engine    db.Engine `json:"engine"`
	CreatedAt time.Time `json:"createdAt"`
	Schema    int64     `json:"schema"`
	KeyCheck  string    `json:"keyCheck"` // of the master key
	Files     int       `json:"files"`
	FileBytes int64     `json:"fileBytes"`
	Database  *Content  `json:"database"` // nil for PostgreSQL
}

// Content is a file of the copy with its checksum.
type Content struct {
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// upload is one uploaded file as files.json lists it.
type upload struct {
	Key         string `db:"key" json:"key"`
	ContentType string `db:"content_type" json:"contentType"`
	Size        int64  `db:"size" json:"size"`
	SHA256      string `db:"sha256" json:"sha256"`
}

const sqlUploads = `select key, content_type, size, sha256 from files order by key`

func uploads(ctx context.Context, q db.Querier) ([]upload, error) {
	return db.List[upload](ctx, q, sqlUploads)
}

// describe reads a file's size and checksum.
func describe(path string) (Content, error) {
	f, err := os.Open(path)
	if err != nil {
		return Content{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return Content{Size: n, SHA256: hex.EncodeToString(h.Sum(nil))}, err
}
