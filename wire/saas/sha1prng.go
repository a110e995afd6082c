package saas

import "crypto/sha1"

// DeriveKey stretches a seller's Key into an AES key of size bytes (16 or 32) the way Java's KeyGenerator does with a
// SecureRandom "SHA1PRNG" seeded with the key's text (saas.md §4.1). The result depends on nothing else, so every
// seller's Java server arrives at the same key.
//
// SHA-1 serves here as the generator the other side prescribes; nothing rests on its collision resistance.
func DeriveKey(key string, size int) []byte {
	state := sha1.Sum([]byte(key))
	stream := make([]byte, 0, size+sha1.Size)
	for len(stream) < size {
		output := sha1.Sum(state[:])
		stream = append(stream, output[:]...)
		advance(&state, output)
	}
	return stream[:size]
}

// advance adds the output and one to the state, in signed 8-bit arithmetic whose carry keeps its sign; a state that
// would stay as it is gets its first byte incremented.
func advance(state *[sha1.Size]byte, output [sha1.Size]byte) {
	last, changed := 1, false
	for i := range state {
		v := int(int8(state[i])) + int(int8(output[i])) + last
		changed = changed || byte(v) != state[i]
		state[i] = byte(v)
		last = v >> 8
	}
	if !changed {
		state[0]++
	}
}
