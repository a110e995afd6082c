// Package isvapp is a small but real seller's application: what stands behind a production address (生产地址). It serves
// the production interface of both generations on package isv, creates an instance per order, and lets the delivered
// credentials open a work page.
//
// # What it owns
//
// One folder: an SQLite file with the instances, their notes and the calls received, and a key file. Each change is
// on the disk before the call is answered, so the process may be killed at any time. The demo starts two of them, sellers
// may read it as an example, and tests use its Faults to see a marketplace cope with a bad server.
//
// # What it refuses
//
// It knows nothing of the marketplace but the protocol: it imports the public packages only.
//
// # States of an instance
//
// active → frozen → active …, and from both → released, where access data and notes are deleted and the id stays known.
package isvapp
