// Package media owns uploaded files (table files): logos, pictures, user guides,
// agreements, and papers that only reviewers see.
//
// The bytes lie in the blob store under the file's key; the row says whose the file is,
// what it is for and what it is: content type and pixels are found by looking into the
// bytes, never taken from a name. A file never changes, so public ones are served at
// /files/{key} with unlimited caching. It refuses what its purpose does not admit, one
// message per fault. The console edge uploads, every module that names files looks them
// up by the owner's account.
package media
