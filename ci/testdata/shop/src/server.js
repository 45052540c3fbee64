require("node:http")
  .createServer((_, response) => response.end("open\n"))
  .listen(8080);
