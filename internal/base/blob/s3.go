package blob

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// S3Config names an S3-compatible service. It is configuration, not user input, so that
// private addresses are fine.
type S3Config struct {
	Endpoint  string // "https://s3.example.com"; http for a service on the same machine
	Region    string // may be empty where the service has none
	Bucket    string // must exist
	Prefix    string // in front of every key, for example "jishi/"
	AccessKey string
	SecretKey string
	PathStyle bool              // bucket in the path instead of the host name
	Transport http.RoundTripper // nil: the library's
}

// maxBuffered is the largest content in bytes that is sent from memory.
const maxBuffered = 8 << 20

// S3 is a Store in a bucket.
type S3 struct {
	client *minio.Client
	bucket string
	prefix string
}

// OpenS3 makes the Store. It does not call the service; Check does.
func OpenS3(c S3Config) (*S3, error) {
	u, err := url.Parse(c.Endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" && u.Path != "/" {
		return nil, fmt.Errorf("blob: the S3 endpoint must look like https://s3.example.com")
	}
	lookup := minio.BucketLookupDNS
	if c.PathStyle {
		lookup = minio.BucketLookupPath
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds:        credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""),
		Secure:       u.Scheme == "https",
		Region:       c.Region,
		BucketLookup: lookup,
		Transport:    c.Transport,
		MaxRetries:   3,
	})
	if err != nil {
		return nil, fmt.Errorf("blob: S3: %w", err)
	}
	return &S3{client: client, bucket: c.Bucket, prefix: c.Prefix}, nil
}

// Check tells whether the bucket can be reached with these keys.
func (s *S3) Check(ctx context.Context) error {
	ok, err := s.client.BucketExists(ctx, s.bucket)
	if err != nil {
		return fmt.Errorf("blob: S3 bucket %s: %w", s.bucket, err)
	}
	if !ok {
		return fmt.Errorf("blob: S3 bucket %s does not exist", s.bucket)
	}
	return nil
}

// Put implements Store. The service shows an object only when it has all of it.
func (s *S3) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if _, err := header(contentType); err != nil {
		return err
	}
	var content io.Reader = &exactly{r: r, left: size}
	if size <= maxBuffered {
		// In memory the library can send it again when a connection breaks.
		whole, err := io.ReadAll(content)
		if err != nil {
			return fmt.Errorf("blob: put %s: %w", key, err)
		}
		content = bytes.NewReader(whole)
	}
	_, err := s.client.PutObject(ctx, s.bucket, s.prefix+key, content, size, minio.PutObjectOptions{ContentType: contentType})
	if err != nil {
		return fmt.Errorf("blob: put %s: %w", key, err)
	}
	return nil
}

// Get implements Store.
func (s *S3) Get(ctx context.Context, key string) (io.ReadCloser, Info, error) {
	if err := checkKey(key); err != nil {
		return nil, Info{}, err
	}
	// One request for content and description: with two, a writer in between would
	// make the second one fail.
	core := minio.Core{Client: s.client}
	content, stat, _, err := core.GetObject(ctx, s.bucket, s.prefix+key, minio.GetObjectOptions{})
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		return nil, Info{}, ErrNotFound
	}
	if err != nil {
		return nil, Info{}, fmt.Errorf("blob: get %s: %w", key, err)
	}
	info := Info{Key: key, Size: stat.Size, ContentType: stat.ContentType, Modified: stat.LastModified.UTC()}
	return content, info, nil
}

// Delete implements Store.
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if err := s.client.RemoveObject(ctx, s.bucket, s.prefix+key, minio.RemoveObjectOptions{}); err != nil {
		return fmt.Errorf("blob: delete %s: %w", key, err)
	}
	return nil
}
