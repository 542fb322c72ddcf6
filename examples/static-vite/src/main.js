import './style.css';

document.querySelector('#app').textContent = `You are at ${location.pathname}`;
