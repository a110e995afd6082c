// Package sandbox owns the register of the sellers' sandboxes (沙箱): which seller has one,
// in which database it lies, and where its clock stands. A sandbox is a realm of its own
// with play money (docs/decisions/0020); what happens inside it lies in its database and
// is not known here. Package app builds the realms.
//
// States: filling → open → closing (its database is being removed) → no row. Filling and
// moving the clock are held by one at a time: a lease of the wall clock, so that one whose
// process died is taken over.
package sandbox
