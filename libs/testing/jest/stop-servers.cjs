module.exports = async function stopServers() {
  await globalThis.granaryTestPostgres?.stop();
};
