// Package secret keeps stored keys and passwords unreadable in the database.
//
// It is envelope encryption: every value has a random data key of its own, which is
// wrapped by the installation's master key; both layers are AES-256-GCM. The place
// where the value is stored ("seller_keys.secret:key_01…") is the context: it is
// bound as additional data, so that a sealed text moved to another row does not open.
//
// The sealed text names the master key by an id. A Box may hold older master keys
// beside the current one: they open, only the current one seals, and Rewrap moves a
// text to the current key without touching its content. Every node must hold the
// same master key; CheckValue lets nodes and `jishi doctor` compare it without
// showing it.
//
// The package also has String, a text that no log, format verb or JSON encoder prints.
// It owns no table; whoever stores a secret calls it. It knows no passwords of people:
// those are hashed, never sealed.
package secret
