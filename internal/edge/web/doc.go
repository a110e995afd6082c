// Package web serves the pages: the browser UI that is built into the program, the
// reference page of the API, and the headers that keep a browser safe.
//
// The UI's files lie in dist, which Vite fills. Hashed files under assets/ never change
// and are kept by browsers for ever; all others are asked for again each time. Every
// path without a file extension is a page of the UI and gets index.html, into which the
// title, the description and the first facts of public pages are written, so that readers
// without script (search engines, link previews) see them. Which facts is the business
// of Head, which the application puts together.
//
// The package holds no rule and no state. Without a built UI it serves a page that names
// the two commands which build it.
package web
