package media

import "slices"

// The purposes of a file (C4.1, B2).
const (
	Logo          = "logo"        // product or shop logo
	Picture       = "picture"     // main pictures of a product
	Illustration  = "description" // pictures inside a description
	Guide         = "guide"       // user guide (使用指南)
	AgreementFile = "agreement"   // product agreement
	Licence       = "licence"     // business licence, private
	Proof         = "proof"       // proof of a take-down and the like, private
)

// rule says what a purpose admits. maxPixels bounds width and height of pictures.
type rule struct {
	types     []string
	maxBytes  int64
	maxPixels int
	private   bool
}

const (
	png     = "image/png"
	jpeg    = "image/jpeg"
	gif     = "image/gif"
	pdf     = "application/pdf"
	zipType = "application/zip"
	rar     = "application/vnd.rar"
	doc     = "application/msword"
	docx    = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	ppt     = "application/vnd.ms-powerpoint"
	pptx    = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
)

var documents = []string{rar, zipType, doc, docx, pdf, ppt, pptx}

var rules = map[string]rule{
	Logo:          {types: []string{png, jpeg}, maxBytes: 5 << 20, maxPixels: 2000},
	Picture:       {types: []string{png, jpeg, gif}, maxBytes: 5 << 20, maxPixels: 6000},
	Illustration:  {types: []string{png, jpeg}, maxBytes: 5 << 20, maxPixels: 10000},
	Guide:         {types: documents, maxBytes: 20 << 20},
	AgreementFile: {types: documents, maxBytes: 20 << 20},
	Licence:       {types: []string{png, jpeg, pdf}, maxBytes: 20 << 20, maxPixels: 20000, private: true},
	Proof:         {types: append([]string{png, jpeg}, documents...), maxBytes: 20 << 20, maxPixels: 20000, private: true},
}

// MaxBytes is the size of the largest file that any purpose admits.
const MaxBytes = 20 << 20

var extensions = map[string]string{
	png: "png", jpeg: "jpg", gif: "gif", pdf: "pdf", zipType: "zip", rar: "rar", doc: "doc", docx: "docx", ppt: "ppt", pptx: "pptx",
}

// Types are the content types that a purpose admits, sorted; nil for an unknown purpose.
func Types(purpose string) []string {
	t := slices.Clone(rules[purpose].types)
	slices.Sort(t)
	return t
}
