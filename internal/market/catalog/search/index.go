package search

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
)

// Doc is what is indexed of a product, its texts in both languages one after the other.
// Categories are the product's leaf and all above it; Price is in 0.01, Released in
// seconds.
type Doc struct {
	Name       string   `json:"name"`
	Seller     string   `json:"seller"`
	Text       string   `json:"text"`
	Categories []string `json:"cat"`
	SellerID   string   `json:"sid"`
	Type       string   `json:"type"`
	Modes      []string `json:"mode"`
	Price      float64  `json:"price"`
	Released   float64  `json:"released"`
	Sales      float64  `json:"sales"`
}

// format changes with the mapping: an index of another format is built anew.
const format = "1"

// lockWait is how long a second opener of the folder waits; without it, it hangs for ever.
const lockWait = "1s"

// Index is an open index. All methods are safe for concurrent use.
type Index struct {
	index    bleve.Index
	analyzer analysis.Analyzer
}

// Open opens the index in the folder, or makes an empty one where there is none, it is
// broken or of another format. An empty folder name gives an index in memory. A folder
// that another process has open is an error.
func Open(folder string) (*Index, error) {
	m := lean()
	if folder == "" {
		x, err := bleve.NewMemOnly(m)
		return wrap(x, m, err)
	}
	path := filepath.Join(folder, "products-"+format)
	x, err := bleve.OpenUsing(path, map[string]any{"bolt_timeout": lockWait})
	if err == nil {
		return wrap(x, m, nil)
	}
	if !errors.Is(err, bleve.ErrorIndexPathDoesNotExist) && isLocked(err) {
		return nil, fmt.Errorf("search: %s is open in another process: %w", path, err)
	}
	if err := os.RemoveAll(path); err != nil {
		return nil, err
	}
	x, err = bleve.NewUsing(path, m, scorch.Name, scorch.Name, map[string]any{"bolt_timeout": lockWait})
	return wrap(x, m, err)
}

func isLocked(err error) bool { return strings.Contains(err.Error(), "timeout") }

func wrap(x bleve.Index, m mapping.IndexMapping, err error) (*Index, error) {
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return &Index{index: x, analyzer: m.AnalyzerNamed(cjk.AnalyzerName)}, nil
}

// lean keeps nothing but what queries need: no stored texts, no term vectors, column
// values only where results are sorted or counted by them.
func lean() mapping.IndexMapping {
	text := bleve.NewTextFieldMapping()
	text.Analyzer = cjk.AnalyzerName
	text.Store, text.IncludeInAll, text.IncludeTermVectors, text.DocValues = false, false, false, false
	word := bleve.NewTextFieldMapping()
	word.Analyzer = keyword.Name
	word.Store, word.IncludeInAll, word.IncludeTermVectors, word.DocValues = false, false, false, false
	counted := bleve.NewTextFieldMapping()
	*counted = *word
	counted.DocValues = true
	number := bleve.NewNumericFieldMapping()
	number.Store, number.IncludeInAll, number.DocValues = false, false, true

	doc := bleve.NewDocumentStaticMapping()
	for _, name := range []string{"name", "seller", "text"} {
		doc.AddFieldMappingsAt(name, text)
	}
	for _, name := range []string{"cat", "mode"} {
		doc.AddFieldMappingsAt(name, counted)
	}
	for _, name := range []string{"sid", "type"} {
		doc.AddFieldMappingsAt(name, word)
	}
	for _, name := range []string{"price", "released", "sales"} {
		doc.AddFieldMappingsAt(name, number)
	}
	m := bleve.NewIndexMapping()
	m.DefaultMapping = doc
	m.DefaultAnalyzer = cjk.AnalyzerName
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m
}

// Close ends the use of the index.
func (x *Index) Close() error { return x.index.Close() }

// Apply indexes and removes products in one step: a nil document is a product that is no
// longer listed. It is idempotent.
func (x *Index) Apply(docs map[string]*Doc) error {
	b := x.index.NewBatch()
	for id, d := range docs {
		if d == nil {
			b.Delete(id)
		} else if err := b.Index(id, d); err != nil {
			return err
		}
	}
	return x.index.Batch(b)
}

// Count is how many products are indexed.
func (x *Index) Count() (uint64, error) { return x.index.DocCount() }

var cursorKey = []byte("follows-until")

// Until is the instant up to which the change sequence is certainly in the index; zero
// for an index that was never filled.
func (x *Index) Until() time.Time {
	b, err := x.index.GetInternal(cursorKey)
	if err != nil || len(b) == 0 {
		return time.Time{}
	}
	n, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

// SetUntil keeps it.
func (x *Index) SetUntil(t time.Time) error {
	return x.index.SetInternal(cursorKey, strconv.AppendInt(nil, t.UnixMicro(), 10))
}
