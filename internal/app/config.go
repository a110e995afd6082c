package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"jishi/internal/base/blob"
	"jishi/internal/base/secret"
	"jishi/internal/edge/console/people"
)

// Storage names the database. Every command that opens one has these flags.
type Storage struct {
	Data     string `help:"Folder of this installation: the SQLite database, uploaded files, the search index, the master key (./data)." default:"data" type:"path" placeholder:"FOLDER"`
	Database string `help:"PostgreSQL address, postgres://user:password@host/name. Empty: the SQLite file jishi.db in the data folder." placeholder:"URL"`
}

// Postgres tells whether the database is a server's.
func (s Storage) Postgres() bool {
	return strings.HasPrefix(s.Database, "postgres://") || strings.HasPrefix(s.Database, "postgresql://")
}

// URL is what package db opens.
func (s Storage) URL() string {
	if s.Database != "" {
		return s.Database
	}
	return filepath.Join(s.Data, "jishi.db")
}

// Secrets name the master key under which stored secrets are sealed.
type Secrets struct {
	MasterKey     string `help:"Master key, 32 bytes in base64. Better use --master-key-file: other processes may see flags and variables." placeholder:"KEY"`
	MasterKeyFile string `help:"File with the master key, readable by its owner only. With SQLite the default is master.key in the data folder, made at the first start." placeholder:"FILE"`
}

// ErrNoKey says that PostgreSQL was chosen without a key: several nodes must share one, so
// none is made up.
var ErrNoKey = errors.New("with PostgreSQL a master key must be configured, the same on every node: --master-key-file FILE (make one with: head -c 32 /dev/urandom | base64 > FILE; chmod 600 FILE)")

// Key reads the master key; with create it is made where SQLite keeps its own.
func (s Secrets) Key(st Storage, create bool) (secret.Key, error) {
	switch {
	case s.MasterKey != "" && s.MasterKeyFile != "":
		return secret.Key{}, errors.New("--master-key and --master-key-file exclude each other")
	case s.MasterKey != "":
		return secret.ParseKey(s.MasterKey)
	case s.MasterKeyFile != "":
		return secret.LoadFile(s.MasterKeyFile)
	case st.Postgres():
		return secret.Key{}, ErrNoKey
	}
	file := filepath.Join(st.Data, "master.key")
	if !create {
		return secret.LoadFile(file)
	}
	// A key that is made anew beside an existing database opens nothing in it.
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(st.URL()); err == nil {
			return secret.Key{}, fmt.Errorf("%s exists, but its master key %s is missing: put it back or name it with --master-key-file", st.URL(), file)
		}
	}
	key, _, err := secret.LoadOrCreateFile(file)
	return key, err
}

// Files say where uploaded files lie.
type Files struct {
	Blobs       string `help:"Where uploaded files are kept: dir (in the data folder) or s3." enum:"dir,s3" default:"dir"`
	SharedFiles bool   `help:"The data folder is shared by all nodes, so --blobs dir may be used with PostgreSQL."`
	S3Endpoint  string `name:"s3-endpoint" env:"JISHI_S3_ENDPOINT" help:"S3-compatible service, https://s3.example.com." placeholder:"URL"`
	S3Region    string `name:"s3-region" env:"JISHI_S3_REGION" help:"Region, where the service has some."`
	S3Bucket    string `name:"s3-bucket" env:"JISHI_S3_BUCKET" help:"Bucket; it must exist."`
	S3Prefix    string `name:"s3-prefix" env:"JISHI_S3_PREFIX" help:"In front of every name, for example jishi/."`
	S3AccessKey string `name:"s3-access-key" env:"JISHI_S3_ACCESS_KEY" help:"Access key of the service."`
	S3SecretKey string `name:"s3-secret-key" env:"JISHI_S3_SECRET_KEY" help:"Secret key of the service; better set as JISHI_S3_SECRET_KEY."`
	S3PathStyle bool   `name:"s3-path-style" env:"JISHI_S3_PATH_STYLE" help:"The bucket stands in the path, not in the host name."`
}

// OpenStore opens the store of uploaded files.
func (f Files) OpenStore(st Storage) (blob.Store, error) {
	if f.Blobs == "s3" {
		return blob.OpenS3(blob.S3Config{Endpoint: f.S3Endpoint, Region: f.S3Region, Bucket: f.S3Bucket, Prefix: f.S3Prefix,
			AccessKey: f.S3AccessKey, SecretKey: f.S3SecretKey, PathStyle: f.S3PathStyle})
	}
	if st.Postgres() && !f.SharedFiles {
		return nil, errors.New("with PostgreSQL several nodes must see the same files: use --blobs s3, or --shared-files when the data folder is the same on all nodes")
	}
	return blob.OpenDir(filepath.Join(st.Data, "files"))
}

// Config says what an App is made of.
type Config struct {
	Storage `embed:""`
	Secrets `embed:""`
	Files   `embed:""`

	PublicURL      string `help:"Address under which people reach the site, https://market.example.com. Links in mails begin with it; empty: derived from --listen." placeholder:"URL"`
	TrustedProxies string `help:"Load balancers in front of this node: addresses or networks, separated by commas. Only their X-Forwarded-* headers are believed." placeholder:"LIST"`

	// NoLimits lets every client ask as fast as it can: benchmarks only.
	NoLimits bool `kong:"-"`
	// KeepSchema refuses an older SQLite file instead of migrating it, and makes no key:
	// for commands beside a running node.
	KeepSchema bool `kong:"-"`
	// Demo shows the demo page with its letters and DemoAccounts, and says so on every page.
	Demo         bool                                                    `kong:"-"`
	DemoAccounts func(ctx context.Context) ([]people.DemoAccount, error) `kong:"-"`
}

// origin is PublicURL as scheme and host.
func (c Config) origin() (string, error) {
	if c.PublicURL == "" {
		return "", nil
	}
	u, err := url.Parse(c.PublicURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.User != nil {
		return "", fmt.Errorf("--public-url must look like https://market.example.com, without a path")
	}
	return u.Scheme + "://" + u.Host, nil
}
