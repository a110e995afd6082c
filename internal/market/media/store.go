package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"jishi/internal/base/blob"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
)

// Store keeps uploaded files.
type Store struct {
	Blob blob.Store
}

// File is a row of files. AccountID is empty for files of the site itself.
type File struct {
	Key         string    `db:"key" json:"key"`
	AccountID   string    `db:"account_id" json:"-"`
	Purpose     string    `db:"purpose" json:"purpose"`
	Private     bool      `db:"private" json:"private"`
	Name        string    `db:"name" json:"name"`
	ContentType string    `db:"content_type" json:"contentType"`
	Size        int64     `db:"size" json:"size"`
	Width       int       `db:"width" json:"width"`
	Height      int       `db:"height" json:"height"`
	SHA256      string    `db:"sha256" json:"sha256"`
	CreatedAt   time.Time `db:"created_at" json:"createdAt"`
}

// URL is the public address of a file; it is empty for an empty key.
func URL(key string) string {
	if key == "" {
		return ""
	}
	return "/files/" + key
}

// Upload is what a person sends. AccountID is the owner, "" for the site.
type Upload struct {
	AccountID string
	Purpose   string
	Name      string
	Content   io.Reader
}

// Put checks the bytes, stores them in the blob store and returns the row to be written
// with Record. It does I/O: call it outside of transactions. Faults, one per field:
// purpose, and of "file": "media.empty", "media.too_large", "media.type" and those of
// blob.CheckImage.
func (s *Store) Put(ctx context.Context, u Upload) (File, error) {
	var check errs.Check
	r, known := rules[u.Purpose]
	if !known {
		check.Add("purpose", "one_of", "allowed", strings.Join(purposes(), ", "))
		return File{}, check.Err()
	}
	data, err := io.ReadAll(io.LimitReader(u.Content, r.maxBytes+1))
	if err != nil {
		return File{}, err
	}
	f := File{
		AccountID: u.AccountID, Purpose: u.Purpose, Private: r.private, Name: cleanName(u.Name),
		ContentType: sniff(data, u.Name), Size: int64(len(data)), CreatedAt: clock.Wall{}.Now(),
	}
	switch {
	case len(data) == 0:
		check.Add("file", "media.empty")
	case int64(len(data)) > r.maxBytes:
		check.Add("file", "media.too_large", "limit", r.maxBytes>>20)
	case !slices.Contains(r.types, f.ContentType):
		check.Add("file", "media.type", "allowed", strings.Join(names(r.types), ", "))
	case strings.HasPrefix(f.ContentType, "image/"):
		rules := blob.ImageRules{MaxBytes: r.maxBytes, MaxWidth: r.maxPixels, MaxHeight: r.maxPixels}
		img, err := blob.CheckImage(data, u.Name, rules)
		if e, ok := errs.As(err); ok {
			check.Add("file", e.Code, pairs(e.Args)...)
		} else if err != nil {
			return File{}, err
		}
		f.Width, f.Height = img.Width, img.Height
	}
	if err := check.Err(); err != nil {
		return File{}, err
	}
	sum := sha256.Sum256(data)
	f.SHA256 = hex.EncodeToString(sum[:])
	f.Key = id.New("fil") + "." + extensions[f.ContentType]
	return f, s.Blob.Put(ctx, f.Key, bytes.NewReader(data), f.Size, f.ContentType)
}

// Record writes the row of a stored file. A file without a row is never served.
func (s *Store) Record(ctx context.Context, tx *db.Tx, f File) error {
	return db.Insert(ctx, tx, "files", f)
}

// What an account may upload within a day. Anybody can sign up, and files stay.
const (
	dayFiles = 1000
	dayBytes = 1 << 30
)

type uploaded struct {
	Files int64 `db:"files"`
	Bytes int64 `db:"bytes"`
}

const sqlUploaded = `select count(*) as files, cast(coalesce(sum(size), 0) as bigint) as bytes from files where account_id = $1 and created_at > $2`

// CheckDay tells whether an account may upload one more file today: "media.day" (TooMany)
// when it may not. The site's own files are not counted.
func CheckDay(ctx context.Context, q db.Querier, accountID string) error {
	if accountID == "" {
		return nil
	}
	n, err := db.One[uploaded](ctx, q, sqlUploaded, accountID, clock.Wall{}.Now().Add(-24*time.Hour))
	if err == nil && (n.Files >= dayFiles || n.Bytes >= dayBytes) {
		err = errs.TooManyf("media.day", "files", dayFiles, "limit", dayBytes>>20)
	}
	return err
}

// Open opens the bytes of a file; the caller closes them.
func (s *Store) Open(ctx context.Context, f File) (io.ReadCloser, error) {
	r, _, err := s.Blob.Get(ctx, f.Key)
	return r, err
}

const columns = `key, account_id, purpose, private, name, content_type, size, width, height, sha256, created_at`

const sqlGet = `select ` + columns + ` from files where key = $1`

// Get finds any file: for serving public ones and for reviewers. "media.not_found".
func Get(ctx context.Context, q db.Querier, key string) (File, error) {
	f, ok, err := db.Maybe[File](ctx, q, sqlGet, key)
	if err == nil && !ok {
		err = errs.NotFoundf("media.not_found")
	}
	return f, err
}

const sqlOfAccount = `select ` + columns + ` from files where key = $1 and account_id = $2`

// OfAccount finds a file of an account; false when there is none.
func OfAccount(ctx context.Context, q db.Querier, accountID, key string) (File, bool, error) {
	return db.Maybe[File](ctx, q, sqlOfAccount, key, accountID)
}

// batch is how many keys one query looks up; missing ones are filled with blanks.
const batch = 24

const sqlOfSeller = `select ` + columns + ` from files where account_id in (select account_id from sellers where id = $1)
and key in ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)`

// OfSeller finds the files among keys that belong to the seller's account, by key.
func OfSeller(ctx context.Context, q db.Querier, sellerID string, keys []string) (map[string]File, error) {
	found := map[string]File{}
	keys = slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return k == "" })
	for part := range slices.Chunk(keys, batch) {
		args := []any{sellerID}
		for i := range batch {
			if i < len(part) {
				args = append(args, part[i])
			} else {
				args = append(args, "")
			}
		}
		rows, err := db.List[File](ctx, q, sqlOfSeller, args...)
		if err != nil {
			return nil, err
		}
		for _, f := range rows {
			found[f.Key] = f
		}
	}
	return found, nil
}

// cleanName keeps a file's name as people wrote it, without path and control characters.
func cleanName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar || r == '"' {
			return -1
		}
		return r
	}, name)
	if r := []rune(name); len(r) > 120 {
		name = string(r[len(r)-120:])
	}
	if name == "." || name == "/" || name == "" {
		return "file"
	}
	return name
}

func purposes() []string {
	var out []string
	for p := range rules {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

func names(types []string) []string {
	var out []string
	for _, t := range types {
		out = append(out, extensions[t])
	}
	return out
}

func pairs(a errs.Args) []any {
	var out []any
	for k, v := range a {
		out = append(out, k, v)
	}
	return out
}
