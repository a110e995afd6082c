// Package demo is what `jishi demo` runs: a marketplace filled with sample shops, products
// and orders, and two sample sellers' servers that deliver them.
//
// Everything is made by the functions that people use: sign-up, real name, application and
// review, production address proven by a file, access keys, the release of each product,
// top-up and confirmation, quote, order, payment, and delivery over the real protocol. The
// texts stand in content/*.json; the pictures are drawn by package picture.
//
// Passwords are random per data folder and kept in its demo.json, which only its owner may
// read. That file also marks the folder as a demo's: --reset deletes no other. A second
// start keeps the data.
package demo
