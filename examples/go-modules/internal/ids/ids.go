// Package ids makes names for things.
package ids

import "github.com/google/uuid"

// Of gives the same name for the same text.
func Of(text string) string {
	return uuid.NewSHA1(uuid.NameSpaceDNS, []byte(text)).String()
}
