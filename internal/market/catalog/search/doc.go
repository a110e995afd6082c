// Package search is the full-text index of the products that lists show: Chinese by
// pairs of characters, English by words, both in the same fields.
//
// An Index belongs to one process and lies in a folder of its own under DATA/search. It
// can be thrown away at any time: catalog/shelf fills it from the database and keeps it
// in step by the change sequence. It stores no texts, so pages are built from cards and
// marked here with the same analyzer (Mark).
package search
