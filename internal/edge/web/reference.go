package web

import (
	"bytes"
	"encoding/json"
	"html/template"
	"net/http"
	"sync"

	"jishi/internal/base/i18n"
)

// Reference serves the API's OpenAPI document at /openapi.json and a readable page made
// from it at /docs/api, in the reader's language as far as the page's own words go. The
// document is asked for once.
type Reference struct {
	document func() ([]byte, error)
	pages    *template.Template
	prepared func() (prepared, error)
}

type prepared struct {
	document []byte
	html     map[i18n.Lang][]byte
}

// NewReference makes the page's server.
func NewReference(document func() ([]byte, error)) (*Reference, error) {
	t, err := template.New("reference.html").Funcs(template.FuncMap{"table": newTable}).ParseFS(pages, "pages/reference.html")
	if err != nil {
		return nil, err
	}
	r := &Reference{document: document, pages: t}
	r.prepared = sync.OnceValues(r.prepare)
	return r, nil
}

func (r *Reference) prepare() (prepared, error) {
	document, err := r.document()
	if err != nil {
		return prepared{}, err
	}
	var api openAPI
	if err := json.Unmarshal(document, &api); err != nil {
		return prepared{}, err
	}
	p := prepared{document: document, html: map[i18n.Lang][]byte{}}
	for _, l := range []i18n.Lang{i18n.ZH, i18n.EN} {
		var out bytes.Buffer
		if err := r.pages.Execute(&out, view{Lang: l, Words: words[l], API: api, Groups: api.groups()}); err != nil {
			return prepared{}, err
		}
		p.html[l] = out.Bytes()
	}
	return p, nil
}

// Document serves /openapi.json.
func (r *Reference) Document(w http.ResponseWriter, q *http.Request) {
	p, err := r.prepared()
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(p.document)
}

// Page serves /docs/api.
func (r *Reference) Page(w http.ResponseWriter, q *http.Request) {
	p, err := r.prepared()
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	lang := language(q)
	if chosen, ok := i18n.Known(q.URL.Query().Get("lang")); ok {
		lang = chosen
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("Vary", "Accept-Language, Cookie")
	_, _ = w.Write(p.html[lang])
}

// Style serves /docs/api/style.css.
func (r *Reference) Style(w http.ResponseWriter, q *http.Request) {
	content, err := pages.ReadFile("pages/reference.css")
	if err != nil {
		http.NotFound(w, q)
		return
	}
	w.Header().Set("Content-Type", contentTypes[".css"])
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(content)
}

type view struct {
	Lang   i18n.Lang
	Words  map[string]string
	API    openAPI
	Groups []group
}

// Tag is the page's language for a browser.
func (v view) Tag() string {
	if v.Lang == i18n.EN {
		return "en"
	}
	return "zh-CN"
}

// Other is the address of the same page in the other language.
func (v view) Other() string { return "/docs/api?lang=" + string(v.Lang.Other()) }

// table is what the template "fields" shows.
type table struct {
	Words  map[string]string
	Key    string
	Fields []field
}

func newTable(words map[string]string, key string, fields []field) table {
	return table{words, key, fields}
}

var words = map[i18n.Lang]map[string]string{
	i18n.ZH: {
		"title": "接口文档", "document": "OpenAPI 文档", "other": "English", "home": "返回首页", "contents": "目录",
		"parameters": "参数", "body": "请求体", "answer": "成功响应", "problems": "错误响应", "name": "名称", "in": "位置",
		"type": "类型", "about": "说明", "required": "必填", "none": "无内容", "signedIn": "需要登录或令牌", "open": "无需登录",
		"query": "查询", "path": "路径", "header": "请求头",
	},
	i18n.EN: {
		"title": "API reference", "document": "OpenAPI document", "other": "中文", "home": "Home", "contents": "Contents",
		"parameters": "Parameters", "body": "Request body", "answer": "Answer", "problems": "Problems", "name": "Name", "in": "In",
		"type": "Type", "about": "Meaning", "required": "required", "none": "no content", "signedIn": "sign-in or token needed", "open": "for anybody",
		"query": "query", "path": "path", "header": "header",
	},
}
