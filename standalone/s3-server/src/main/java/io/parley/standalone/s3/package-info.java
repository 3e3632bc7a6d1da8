/** An S3 server for the tests of other modules. Knows nothing of the rest of the project. */
@org.jspecify.annotations.NullMarked
package io.parley.standalone.s3;
