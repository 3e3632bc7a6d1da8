// Uploads a file with tus-js-client, as its manual says: breaks off after some bytes, and resumes. Prints the upload's address.
// node client.js ENDPOINT TOKEN FILE CONTENT_TYPE
const fs = require('fs');
const tus = require('tus-js-client');

const [endpoint, token, file, filetype] = process.argv.slice(2);
const size = fs.statSync(file).size;

function upload(more) {
  return new tus.Upload(fs.createReadStream(file), {
    endpoint,
    chunkSize: 256 * 1024,
    uploadSize: size,
    retryDelays: [0, 500, 1000],
    headers: { Authorization: `Bearer ${token}` },
    metadata: { filename: file.split('/').pop(), filetype },
    onError: (error) => {
      console.error(String(error));
      process.exit(1);
    },
    ...more,
  });
}

const first = upload({
  onChunkComplete: async (chunkSize, accepted) => {
    if (accepted < size && first.url) {
      const uploadUrl = first.url;
      await first.abort();
      const second = upload({ uploadUrl, onSuccess: () => console.log(second.url) });
      second.start();
    }
  },
});
first.start();
