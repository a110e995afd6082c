package catalogue

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/media"
)

// fileView is an uploaded file; URL is empty for a private one.
type fileView struct {
	media.File
	URL string `json:"url"`
}

func (a api) files() {
	document[fileView](a.c, huma.Operation{
		OperationID: "upload-file", Method: http.MethodPost, Path: "/files", Tags: []string{tagFiles}, DefaultStatus: http.StatusCreated,
		Summary:     "Upload a file",
		Description: "A form with the field purpose (logo, picture, description, guide, agreement, licence, proof) before the field file; without one the file is a picture. What the file is, is found by looking into it.",
		Security:    []map[string][]string{{"session": {}}, {"token": {}}},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
			Type: huma.TypeObject, Required: []string{"file"},
			Properties: map[string]*huma.Schema{"purpose": {Type: huma.TypeString}, "file": {Type: huma.TypeString, Format: "binary"}}}}}},
	})
	a.c.Handle("POST /api/v1/files", http.HandlerFunc(a.upload))
	a.c.Handle("GET /api/v1/files/{key}", http.HandlerFunc(a.private))
}

// overhead is what a form adds to its file.
const overhead = 64 << 10

// Files are looked at as a whole, so each upload takes up to twice its size in memory
// while it lasts: so many may last at once, in all and of one account.
const (
	uploadsAtOnce = 12
	uploadsOfOne  = 4
)

// uploads counts what is under way in this process.
type uploads struct {
	mu  sync.Mutex
	all int
	of  map[string]int
}

// begin is "http.too_many" (TooMany) when too many last; otherwise end must be called.
func (u *uploads) begin(who string) (end func(), err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.all >= uploadsAtOnce || u.of[who] >= uploadsOfOne {
		return nil, errs.TooManyf("http.too_many")
	}
	u.all++
	u.of[who]++
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		u.all--
		if u.of[who]--; u.of[who] == 0 {
			delete(u.of, who)
		}
	}, nil
}

func (a api) upload(w http.ResponseWriter, r *http.Request) {
	f, err := a.receive(w, r)
	if err != nil {
		console.Fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	out := fileView{File: f}
	if !f.Private {
		out.URL = media.URL(f.Key)
	}
	json.NewEncoder(w).Encode(out)
}

func (a api) receive(w http.ResponseWriter, r *http.Request) (media.File, error) {
	if err := a.c.Admit(r, console.Op{ID: "upload-file", Need: console.SignedIn}); err != nil {
		return media.File{}, err
	}
	caller := console.CallerFrom(r.Context())
	if err := media.CheckDay(r.Context(), a.c.DB, caller.AccountID); err != nil {
		return media.File{}, err
	}
	who := caller.AccountID
	if who == "" {
		who = caller.UserID // an operator
	}
	end, err := a.uploads.begin(who)
	if err != nil {
		return media.File{}, err
	}
	defer end()
	r.Body = http.MaxBytesReader(w, r.Body, media.MaxBytes+overhead)
	form, err := r.MultipartReader()
	if err != nil {
		return media.File{}, errs.Invalidf("media.form")
	}
	u := media.Upload{AccountID: caller.AccountID, Purpose: media.Picture}
	for {
		part, err := form.NextPart()
		if err != nil {
			return media.File{}, tooLarge(err)
		}
		switch part.FormName() {
		case "purpose":
			b, err := io.ReadAll(io.LimitReader(part, 100))
			if err != nil {
				return media.File{}, tooLarge(err)
			}
			u.Purpose = string(b)
		case "file":
			u.Name, u.Content = part.FileName(), part
			f, err := a.Media.Put(r.Context(), u)
			if err != nil {
				return f, tooLarge(err)
			}
			return f, a.c.DB.UpdateCtx(r.Context(), func(ctx context.Context, tx *db.Tx) error { return a.Media.Record(ctx, tx, f) })
		}
	}
}

func tooLarge(err error) error {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		var k errs.Check
		k.Add("file", "media.too_large", "limit", media.MaxBytes>>20)
		return k.Err()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errs.Invalidf("media.form")
	}
	return err
}

// private serves files that are not public, to those who work with their kind: a person's
// or company's papers are not every sub-user's, script's and reviewer's business.
func (a api) private(w http.ResponseWriter, r *http.Request) {
	err := a.c.Admit(r, console.Op{ID: "read-file", Need: console.SignedIn})
	var f media.File
	if err == nil {
		f, err = media.Get(r.Context(), a.c.DB, r.PathValue("key"))
	}
	if err == nil && f.Private && !mayRead(console.CallerFrom(r.Context()), f) {
		err = errs.NotFoundf("media.not_found")
	}
	if err != nil {
		console.Fail(w, r, err)
		return
	}
	a.Media.Serve(w, r, f, "private, no-store")
}

func mayRead(c access.Caller, f media.File) bool {
	may := func(any ...access.Permission) bool { return slices.ContainsFunc(any, c.Can) }
	switch papers := f.Purpose == media.Licence; {
	case c.Kind == "operator" && papers:
		return may(access.SellerReview, access.RealNameReview)
	case c.Kind == "operator":
		return may(access.ProductReview)
	case c.AccountID == "" || c.AccountID != f.AccountID:
		return false
	case papers:
		return may(access.AccountManage, access.SellerApply, access.ShopWrite)
	}
	return may(access.ProductRead)
}
