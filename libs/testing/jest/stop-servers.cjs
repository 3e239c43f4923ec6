module.exports = async function stopServers() {
  await globalThis.granaryTestPostgres?.stop();
  // What a failed test left open keeps this process alive, but not for long.
  setTimeout(() => process.exit(), 10_000).unref();
};
